import type { IncomingMessage, ServerResponse } from 'node:http';
import { OpenAPIHono } from '@hono/zod-openapi';
import { createNodeExchange } from './exchange/node-exchange.js';
import { createWebExchange } from './exchange/web-exchange.js';
import { createUpstreamPools } from './forward/upstream-pools.js';
import { registerModelRoutes } from './models/model-routes.js';
import { registerWirePaths } from './register-wire-paths.js';
import { createWireHandler } from './wire-handler.js';
import { WIRE_ROUTES } from './wire-routes.js';
import type { WiresContext } from './wires-context.js';

/** The OpenAI and Anthropic wires of a server. */
export interface Wires {
  /** Routes and their documents, to be mounted at `/`. */
  readonly app: OpenAPIHono;
  /**
   * Answers a request of the wires straight on Node's response; `false` when it is none of theirs.
   *
   * Put it in front of the app: it saves the web streams between.
   */
  handleRaw(req: IncomingMessage, res: ServerResponse): boolean;
  /** Closes the connections to upstreams. */
  close(): Promise<void>;
}

/** Creates the wires over a server's models, keys, rails and seams. */
export function createWires(context: WiresContext): Wires {
  const pools = createUpstreamPools({ connections: context.limits.upstreamConnections });
  const handle = createWireHandler(context, pools);
  const routes = new Map(WIRE_ROUTES.map((route) => [route.path, route]));
  const app = new OpenAPIHono();
  registerWirePaths(app);
  registerModelRoutes(app, context);
  for (const route of WIRE_ROUTES) {
    app.post(route.path, (c) => {
      const { exchange, response } = createWebExchange(c.req.raw, context.clock);
      void handle(route, exchange);
      return response;
    });
  }
  return {
    app,
    handleRaw(req, res) {
      if (req.method !== 'POST') return false;
      const url = req.url ?? '';
      const query = url.indexOf('?');
      const route = routes.get(query === -1 ? url : url.slice(0, query));
      if (route === undefined) return false;
      void handle(route, createNodeExchange(req, res, context.clock));
      return true;
    },
    close: () => pools.close(),
  };
}
