import { isAllowedHost } from "../outbound/index.ts";

/**
 * Whether a subscription's endpoint may be called (FND-15). It comes from a browser, so from anybody: it
 * must be https on the usual port of a public host. Where services of this machine are meant (the embedded
 * mailbox), loopback may be called too, by http and on any port.
 */
export function isPushEndpoint(endpoint: string, { loopback = false } = {}): boolean {
  if (endpoint.length > 2_048 || !URL.canParse(endpoint)) return false;
  const { protocol, hostname, port, username, password, hash } = new URL(endpoint);
  if (username || password || hash) return false;
  if (protocol === "https:" && port === "" && isAllowedHost(hostname, "public")) return true;
  const isHere = isAllowedHost(hostname, "here") && !isAllowedHost(hostname, "public");
  return loopback && isHere && (protocol === "http:" || protocol === "https:");
}
