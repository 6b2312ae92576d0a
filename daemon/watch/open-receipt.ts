// A receipt as it came from the daemon, checked before anyone is shown its words.

import { Receipt } from '../../protocol/receipt.ts';
import { openSignedJson } from '../../protocol/signed-json.ts';
import { receiptSentences } from './receipt-words.ts';

export interface OpenedReceipt {
  readonly sound: boolean;
  readonly sentences: readonly string[];
}

/** The receipt's sentences if `machineKey` signed it, else what is wrong. */
export function openReceipt(note: string, machineKey: string): OpenedReceipt {
  try {
    const sentences = receiptSentences(openSignedJson('receipt', Receipt, note, machineKey));
    return { sound: true, sentences: [...sentences, 'Signed by this computer.'] };
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'it cannot be read';
    return { sound: false, sentences: [`THE RECEIPT IS NOT SOUND: ${problem}. Tell your administrator.`] };
  }
}
