/** What the server's start script gives to Node: a small young generation, which bounds memory and costs no time here. */
export const NODE_FLAGS = ['--max-semi-space-size=8'];
