// An audit event as the technician sees it, live and in lists.

import type { z } from 'zod';
import { AuditEventView } from '../../protocol/control/messages.ts';
import type { AuditEvent } from '../audit/machine-log.ts';

export function eventView(event: AuditEvent): z.infer<typeof AuditEventView> {
  const { seq, time, type, severity, fields } = event;
  return AuditEventView.parse({ seq, time, type, severity, fields });
}
