import type { IncomingMessage, ServerResponse } from "node:http";

/** The permit of a request; held as long as the work in the database lasts, also when the caller hangs up meanwhile. */
type Held = { giveBack(): void; isWorking: boolean };

const held = new WeakMap<IncomingMessage, Held>();

/** Binds a permit to its request; false, and it is given back, when the caller is gone already. */
export function holdPermit(
  request: IncomingMessage,
  response: ServerResponse,
  giveBack: () => void,
): boolean {
  if (response.destroyed || request.socket.destroyed) {
    giveBack();
    return false;
  }
  const permit: Held = { giveBack, isWorking: false };
  held.set(request, permit);
  response.once("close", () => {
    if (!permit.isWorking) giveBack();
  });
  return true;
}

/** Does the work of a request under its permit, if it has one, and gives the permit back when all is done. */
export async function underPermit<T>(
  request: IncomingMessage | undefined,
  work: () => T | PromiseLike<T>,
): Promise<T> {
  const permit = request && held.get(request);
  if (!permit) return await work();
  permit.isWorking = true;
  try {
    return await work();
  } finally {
    permit.isWorking = false;
    permit.giveBack();
  }
}
