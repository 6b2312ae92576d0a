// The version of all three programs; a test holds it to package.json.

export const VERSION = '0.1.0';
