import { isAllowedHost, isThisMachine, NotPublic } from "../outbound/index.ts";

/**
 * The URL of a clinic's receiver as it is called (WHK-03): https on port 443 or 8443 of a public host, without a login.
 * Where this machine is meant (development), loopback may be called too, by http and on any port. Throws NotPublic
 * otherwise.
 */
export function webhookUrl(text: string, { loopback }: { loopback: boolean }): URL {
  if (text.length > 2_000 || !URL.canParse(text)) throw new NotPublic("not a URL");
  const url = new URL(text);
  const { protocol, hostname, port, username, password, hash } = url;
  if (username || password || hash) throw new NotPublic("a login or a fragment");
  const isWeb = protocol === "https:" || protocol === "http:";
  if (loopback && isWeb && isAllowedHost(hostname, "here") && isThisMachine(hostname)) return url;
  const isUsual = protocol === "https:" && (port === "" || port === "8443");
  if (!isUsual || !isAllowedHost(hostname, "public")) throw new NotPublic("no https on a public host");
  return url;
}
