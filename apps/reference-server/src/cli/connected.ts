import type { Command } from 'commander';

/** Told by every command that talks to a server. */
export const CONNECTION_HELP = `
Where the server is:
  On the machine of a running "npm start" nothing needs to be given. From elsewhere use --url and --key,
  or set ESPALIER_URL and ESPALIER_API_KEY.`;

/** Gives a command the options that all commands have which talk to a server. */
export function connected(command: Command): Command {
  return command
    .option('--url <url>', 'address of the server (or ESPALIER_URL)')
    .option('--key <key>', 'API key (or ESPALIER_API_KEY)')
    .option('--data <folder>', 'data folder of a server on this machine (or ESPALIER_DATA)')
    .option('--json', 'print JSON instead of text');
}
