import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage } from "node:http";

const requests = new AsyncLocalStorage<IncomingMessage>();

/**
 * Does something for this request: what GraphQL masks while it is done knows who asks, which neither graphql-js nor
 * grafserv tells it.
 */
export function inRequest<T>(request: IncomingMessage, work: () => T): T {
  return requests.run(request, work);
}

/** The request that is being answered; undefined outside of one. */
export function currentRequest(): IncomingMessage | undefined {
  return requests.getStore();
}
