import { bearer, clinicId, clinics, type Listener, listening, subscribe, tokenOf } from "../listener.ts";
import { probes } from "../probes.ts";
import { startTestApi, type TestApi } from "../support.ts";

/** The API that the cases of sockets.test.ts listen to; its limits are low, so that they are met. */
export let api: TestApi;
const listeners: Listener[] = [];

export async function openSockets(): Promise<void> {
  api = await startTestApi({
    because: "its limits on sockets are low, and its log is read",
    probes,
    sockets: { pingMs: 1_500, initMs: 1_500, messages: 60, socketsPerPerson: 3, subscriptionsPerSocket: 3 },
  });
  await api.sql(clinics);
}

export async function stopListening(): Promise<void> {
  await Promise.all(listeners.splice(0).map((listener) => listener.stop()));
}

export const closeSockets = () => api.close();

export function listen(params: object | undefined, query?: string): Listener {
  const listener = subscribe(api, params, query);
  listeners.push(listener);
  return listener;
}

export async function listenAs(name: string, clinic?: string): Promise<Listener> {
  const listener = listen({
    ...bearer(tokenOf(api, name)),
    ...(clinic ? { "x-organization": await clinicId(api, clinic) } : {}),
  });
  await listening(api, name, listener, clinic ?? (name === "dan" ? "boreal" : "atlas"));
  return listener;
}
