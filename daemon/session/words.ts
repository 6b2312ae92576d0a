// Sentences about a session that both people read: short, plain, without blame.

export const AUDIT_TROUBLE = 'the session cannot be recorded any more';
export const PERSON_ENDED = 'the person at the machine ended the session';
export const PERSON_PAUSED = 'the person at the machine paused the session';
export const TECHNICIAN_ENDED = 'the technician ended the session';
export const TECHNICIAN_FINISHED = 'the technician has finished';
export const TECHNICIAN_LEFT = 'the technician left';
export const CONNECTION_LOST = 'the connection to the technician was lost';
export const DAEMON_STOPPED = 'Chaperone was stopped on the machine';
export const INDICATOR_GONE = 'the window that showed the session to the person was closed';
export const NOT_LISTENING = "the technician's program stopped listening";
export const SCOPE_WITHDRAWN = 'the person at the machine took this permission back';
export const POLICY_TAKES = "this computer's policy does not allow this any more";
export const POLICY_SHORTENS = "this computer's policy allows shorter sessions now";
export const NOTHING_LEFT = 'no permission is left';
export const SCOPE_ADDED = 'the person at the machine allowed this in addition';
export const TIME_IS_OVER = 'the agreed time is over';
export const CERTIFICATE_OVER = "the technician's certificate is not valid any more";
export const TAKEN_BACK = "the technician's organisation took their certificate or key back";
