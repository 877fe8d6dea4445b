import { hostname } from 'node:os';

/** Names a holder of leases so that a later process on the same machine can tell whether it still lives. */
export function createLeaseOwner(uniqueId: string): string {
  return `${hostname()}/${process.pid}/${uniqueId}`;
}

/**
 * Whether the holder's process is surely gone: it ran on this machine, and no process has its number now.
 *
 * `false` where that cannot be told; its lease then runs out.
 */
export function isLeaseOwnerDead(owner: string): boolean {
  const [host, pidText] = owner.split('/');
  const pid = Number(pidText);
  if (host !== hostname() || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
