// What happens around the SSH connection until it is a session: pin the machine, log each step ahead of it, have the
// conversation, verify the grant, begin the records.

import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { formatConnectionId, isConnectionId } from '../../protocol/connection-id.ts';
import { CONTROL_SUBSYSTEM } from '../../protocol/control/messages.ts';
import { UsageError } from '../../protocol/errors.ts';
import type { Grant } from '../../protocol/grant.ts';
import type { Certificate } from '../../protocol/identity/certificate.ts';
import { fingerprintOf } from '../../protocol/identity/public-key.ts';
import { TechnicianRequest } from '../../protocol/request.ts';
import type { ReceiptView } from '../dashboard/ports.ts';
import { hostName } from '../known-hosts/host-names.ts';
import { KnownHostsBook } from '../known-hosts/known-hosts-book.ts';
import { LeaseBook } from '../records/leases.ts';
import { vouchForLeftCopies } from '../records/left-copies.ts';
import { type KnownMachine, MachineBook } from '../records/machines.ts';
import { type EventContext, OwnLog } from '../records/own-log.ts';
import { openReceipt, receiptView } from '../records/receipt-view.ts';
import { type SessionFolder, SessionStore } from '../records/sessions.ts';
import type { Settings } from '../settings/settings.ts';
import { parseTarget } from './address.ts';
import type { ConnectionTerms } from './code-proof.ts';
import type { ConnectWish } from './connect-to.ts';
import { ControlChannel, type Notice } from './control-channel.ts';
import { Conversation } from './conversation.ts';
import { HostKeyNotTrusted, ProtocolBroken, SessionOver, WHERE_IT_IS_READ } from './errors.ts';
import { type HostKeyVerdict, judgeHostKey } from './host-key.ts';
import type { Link } from './link.ts';
import { LiveSession } from './live-session.ts';
import { verifyGrant } from './verified-grant.ts';

const EARLY_MAX = 1000; // notices between the control channel's opening and the session's

export interface SessionOpeningParts {
  readonly wish: ConnectWish;
  readonly home: string;
  /** Nine digits, if the technician named it. */
  readonly connectionId: string | null;
  /** `host:port` */
  readonly address: string;
  readonly settings: Settings;
}

export class SessionOpening {
  readonly #parts: SessionOpeningParts;
  readonly #machines: MachineBook;
  readonly #knownHosts: KnownHostsBook;
  readonly #sessions: SessionStore;
  readonly #leases: LeaseBook;
  readonly #log: OwnLog;
  readonly #request: TechnicianRequest;
  #machine: KnownMachine | null = null;
  #isNew = false;
  #hostKey: Buffer | null = null;
  #hostCertificate: Certificate | null = null;
  /** The connection ID for which an authority vouches. */
  #certifiedId: string | null = null;
  #vouched = false;
  #conversation: Conversation | null = null;

  /** @throws UsageError when the request has no reason, no ticket, or permissions that nobody knows */
  constructor(parts: SessionOpeningParts) {
    const { knownHosts, hostAuthorities, hashKnownHosts } = parts.settings;
    this.#parts = parts;
    this.#request = parseRequest(parts.wish.request);
    this.#machines = new MachineBook(parts.home);
    this.#knownHosts = new KnownHostsBook(parts.home, {
      alsoRead: knownHosts,
      authorities: hostAuthorities,
      hashNames: hashKnownHosts,
    });
    this.#sessions = new SessionStore(parts.home);
    this.#leases = new LeaseBook(parts.home);
    this.#log = new OwnLog(parts.home);
  }

  /** Whether the machine is the one that is meant; asks about one that was never met. */
  async verifyHostKey(blob: Buffer, certificate: Certificate | null): Promise<void> {
    const { wish, address, connectionId } = this.#parts;
    const fingerprint = fingerprintOf(blob);
    this.#hostCertificate = certificate;
    const verdict = this.#judge(blob, connectionId);
    if (verdict.kind === 'unknown' && !(await wish.people.onHostKey({ address, fingerprint, known: null }))) {
      throw new HostKeyNotTrusted(
        fingerprint,
        `ask the person for the fingerprint, then try again; they see it with ${WHERE_IT_IS_READ}`,
      );
    }
    this.#hostKey = blob;
    this.#vouched = verdict.kind === 'vouched' || verdict.kind === 'certified';
    this.#certifiedId = verdict.kind === 'certified' ? verdict.connectionId : null;
    this.#isNew = verdict.kind !== 'known';
    this.#machine = this.#machines.byFingerprint(fingerprint) ?? newMachine(fingerprint, address);
    await this.#log.append('connection.opened', { machine: this.#name, address, hostKey: fingerprint });
  }

  /** @throws WrongMachine when the key is not that of the machine with this connection ID, or of the one at this address */
  #judge(key: Buffer, connectionId: string | null): HostKeyVerdict {
    const { wish, address } = this.#parts;
    return judgeHostKey({
      key,
      connectionId,
      address,
      expected: wish.fingerprint,
      meant: this.#knownHosts.find(connectionId === null ? this.#addressNames : [connectionId]),
      either: this.#knownHosts.find(this.#namesWith(connectionId)),
      sameKey: this.#knownHosts.ofKey(key),
      met: this.#machines.all(),
      certificate: this.#hostCertificate,
      authorities: this.#knownHosts.find([
        ...this.#namesWith(connectionId),
        ...(this.#hostCertificate?.principals.filter(isConnectionId) ?? []),
      ]),
      now: new Date(),
    });
  }

  async onAuthenticating(): Promise<void> {
    this.#tell('authenticating', this.#name, 'to check your key');
  }

  conversation(terms: ConnectionTerms): Conversation {
    const { wish, connectionId } = this.#parts;
    const { reason, ticket, scopes } = this.#request;
    this.#conversation ??= new Conversation({
      connectionId: connectionId ?? this.#certifiedId ?? this.#machine?.connectionId ?? null,
      code: wish.code,
      request: this.#request,
      people: wish.people,
      onIdentified: (id) => {
        if (this.#hostKey !== null) {
          this.#judge(this.#hostKey, id);
        }
      },
      terms,
      onPaired: () => this.#pin(),
      takeLease: () => (this.#machine === null ? '' : this.#leases.take(this.#machine.fingerprint)),
      beforeRequest: async () => {
        await this.#log.append('request.sent', { machine: this.#name, reason, ticket, asked: scopes });
        // While a person is awaited. What cannot be told to the log now is tried again at the next start.
        vouchForLeftCopies(this.#parts.home, this.#log).catch(() => undefined);
      },
    });
    return this.#conversation;
  }

  /** From an accepted connection to a session that can be relied on. Cuts the connection when it cannot. */
  async open(link: Link): Promise<LiveSession> {
    try {
      return await this.#open(link);
    } catch (error) {
      link.cut();
      throw error;
    }
  }

  /** Notes why there is no session. The reason itself matters more than whether it could be noted. */
  async noteFailure(error: unknown): Promise<void> {
    const reason = (error instanceof Error ? error.message : 'unknown').slice(0, 500);
    await this.#log
      .append('connection.failed', { machine: this.#name, address: this.#parts.address.slice(0, 500), reason })
      .catch(() => undefined);
  }

  async #open(link: Link): Promise<LiveSession> {
    this.#tell('opening', this.#name, 'to open the session');
    const early: Notice[] = [];
    let session: LiveSession | null = null;
    const control = new ControlChannel(await openControl(link.client), {
      onNotice: (notice) => {
        if (session !== null) {
          session.take(notice);
        } else if (early.push(notice) > EARLY_MAX) {
          throw new ProtocolBroken('the machine speaks before it is asked');
        }
      },
      onClosed: (broken) => session?.controlClosed(broken),
    });
    const info = await control.request('session.info', {});
    const { connectionId, address } = this.#parts;
    const machine = this.#machine;
    if (machine === null) {
      throw new ProtocolBroken('the machine has not shown a key');
    }
    const grant = verifyGrant(info, {
      machineKey: machine.machineKey,
      connectionId: this.#conversation?.machine?.id ?? connectionId,
      technicianKey: link.key.fingerprint,
      asked: this.#request.scopes,
    });
    if (this.#hostKey !== null) {
      this.#judge(this.#hostKey, grant.machine.id);
    }
    const { machineKey, grantNote, startedAt } = info;
    const folder = this.#sessions.begin(
      { grant, address, hostKey: machine.fingerprint, machineKey, startedAt },
      grantNote,
    );
    await this.#remember(machine, grant, machineKey);
    session = new LiveSession({
      link,
      control,
      info,
      grant,
      address,
      folder,
      keepLease: (lease) => this.#leases.keep(machine.fingerprint, lease),
      keepReceipt: (note) => this.#keepReceipt(note, machineKey, grant, folder),
      vouchFor: (kept) => this.#log.append('recording.kept', kept, inSession(grant)),
    });
    for (const notice of early) {
      session.take(notice);
    }
    return session;
  }

  /** It knows the code that the person read out, and is no one in between: only now is its key remembered. */
  async #pin(): Promise<void> {
    const connectionId = this.#parts.connectionId ?? this.#certifiedId;
    if (this.#machine !== null && this.#hostKey !== null && this.#isNew) {
      await this.#knownHosts.pin({ names: this.#namesWith(connectionId), key: this.#hostKey }, this.#vouched);
      this.#retireOthers(connectionId);
      // By this number it has paired: without it the machine could not be found by number before its first session.
      this.#machine = { ...this.#machine, connectionId: this.#machine.connectionId ?? connectionId };
      this.#machines.save(this.#machine);
    }
  }

  async #remember(machine: KnownMachine, grant: Grant, machineKey: string): Promise<void> {
    this.#machine = {
      ...machine,
      machineKey,
      connectionId: grant.machine.id,
      name: grant.machine.name,
      addresses: [this.#parts.address, ...machine.addresses],
      lastSession: new Date().toISOString(),
      sessions: machine.sessions + 1,
    };
    this.#retireOthers(grant.machine.id);
    this.#machines.save(this.#machine);
    if (this.#hostKey !== null) {
      await this.#knownHosts.pin({ names: this.#namesWith(grant.machine.id), key: this.#hostKey }, this.#vouched);
    }
  }

  /** A connection ID is one machine's: whatever else was called by it is no longer. */
  #retireOthers(connectionId: string | null): void {
    const others = this.#machines
      .all()
      .filter((other) => other.connectionId !== null && other.connectionId === connectionId);
    for (const other of others) {
      if (other.fingerprint !== this.#machine?.fingerprint) {
        this.#machines.retire(other);
      }
    }
  }

  get #addressNames(): readonly string[] {
    const { address } = parseTarget(this.#parts.address);
    return address === null ? [] : [hostName(address)];
  }

  #namesWith(connectionId: string | null): readonly string[] {
    return connectionId === null ? this.#addressNames : [connectionId, ...this.#addressNames];
  }

  async #keepReceipt(note: string, machineKey: string, grant: Grant, folder: SessionFolder): Promise<ReceiptView> {
    folder.receipt(note);
    const opened = openReceipt(note, machineKey, grant.session);
    await this.#log.append(
      'receipt.received',
      {
        machine: this.#name,
        sha256: createHash('sha256').update(note).digest('hex'),
        checkpoint: opened.problem === null ? opened.receipt.checkpoint : '',
      },
      inSession(grant),
    );
    return receiptView(note, machineKey, grant.session);
  }

  /** What the machine is called here so far. */
  get #name(): string {
    const { connectionId, address } = this.#parts;
    const said = this.#conversation?.machine ?? null;
    const id = said?.id ?? this.#machine?.connectionId ?? connectionId;
    const name = said?.name ?? this.#machine?.name ?? '';
    const shownId = id === null ? address : formatConnectionId(id);
    return name === '' ? shownId : `${name} (${shownId})`;
  }

  #tell(stage: 'authenticating' | 'opening', who: string, what: string): void {
    this.#parts.wish.people.onWaiting({ stage, who, what, until: null });
  }
}

function newMachine(fingerprint: string, address: string): KnownMachine {
  return {
    v: 1,
    fingerprint,
    machineKey: null,
    connectionId: null,
    name: '',
    addresses: [address],
    firstSeen: new Date().toISOString(),
    lastSession: null,
    sessions: 0,
  };
}

function inSession({ session, technician }: Grant): EventContext {
  return { session, actor: technician.keyFingerprint };
}

function parseRequest(request: ConnectWish['request']): TechnicianRequest {
  const parsed = TechnicianRequest.safeParse({ ...request, scopes: [...request.scopes] });
  if (!parsed.success) {
    throw new UsageError(parsed.error.issues[0]?.message ?? 'the request is incomplete', 'chaperone connect --help');
  }
  return parsed.data;
}

function openControl(client: Client): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.subsys(CONTROL_SUBSYSTEM, (error, channel) => {
      if (error) {
        reject(
          new SessionOver(
            'the machine let us in and then opened no control channel',
            'the session may have ended at once',
          ),
        );
      } else {
        resolve(channel);
      }
    });
  });
}
