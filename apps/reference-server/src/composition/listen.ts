import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenFailed, portInUse } from '../errors/start-errors.js';

/**
 * Listens and resolves to the address as a URL.
 *
 * @throws {StartError} `ERR_SERVER_PORT_IN_USE`, `ERR_SERVER_LISTEN`
 */
export function listen(server: Server, options: { host: string; port: number }): Promise<string> {
  const { host, port } = options;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(portInUse(host, port, error));
      else reject(listenFailed(host, port, reasonOf(error), error));
    });
    server.listen({ host, port }, () => {
      resolve(urlOf(host, (server.address() as AddressInfo).port));
    });
  });
}

function urlOf(host: string, port: number): string {
  const name =
    host === '0.0.0.0'
      ? '127.0.0.1'
      : host === '::'
        ? '[::1]'
        : host.includes(':')
          ? `[${host}]`
          : host;
  return `http://${name}:${port}`;
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'EACCES') return 'this user may not use that port';
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return 'this machine has no such address';
  return error.message;
}
