// What both programs call themselves in SSH. Apart from conversation.ts, so that a connection can begin before the
// schemas are loaded.

/** `SSH-2.0-<this>`: a client that calls itself so gets status as JSON, any other gets sentences. */
export const CLIENT_SOFTWARE = 'Chaperone_0.1';
/** The machine's own name in its SSH banner. */
export const SERVER_SOFTWARE = 'Chaperone_0.1';

/** User name that stands for "the machine at this address" when the connection ID is not known yet. */
export const ANY_MACHINE_USER = 'machine';
