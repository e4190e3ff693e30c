import { isIP } from "node:net";
import { isLoopbackAddress, mayReach, NotPublic, type Reach } from "./address.ts";

/**
 * The one reading of a host that somebody wrote, by the rules that browsers read URLs by: `0x7f.1`, `127.1`,
 * `0177.0.0.1` and `2130706433` are 127.0.0.1, a name is lower case and punycode, without the dot at its end. What
 * it answers is what is checked and what is connected to. IPv6 comes without brackets. Throws NotPublic for what is
 * no host.
 */
export function readHost(text: string): string {
  const written = text.trim();
  const url = `http://${isIP(written) === 6 ? `[${written}]` : written}/`;
  // Nothing of a URL but its host: no port, no login, no path.
  const hasPort = isIP(written) !== 6 && written.replace(/^\[.*\]$/, "").includes(":");
  if (hasPort || /[\s/?#@\\]/.test(written) || !URL.canParse(url)) throw new NotPublic("not a host");
  const { hostname } = new URL(url);
  const name = hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  if (name === "") throw new NotPublic("not a host");
  return name;
}

/** Names of no public server, whatever they resolve to here. */
const local = /(^|\.)(localhost|local|internal|lan|home|corp|arpa)$/;

/** Whether a host may be called at all, as far as it can be told without asking. Throws NotPublic otherwise. */
export function requireHost(text: string, reach: Reach): string {
  const host = readHost(text);
  if (reach === "anywhere") return host;
  const allowed = isIP(host)
    ? mayReach(host, reach)
    : (host.includes(".") && !local.test(host)) || (reach === "here" && /(^|\.)localhost$/.test(host));
  if (!allowed) throw new NotPublic("not a public host");
  return host;
}

/** The same as an answer. */
export function isAllowedHost(text: string, reach: Reach): boolean {
  try {
    requireHost(text, reach);
    return true;
  } catch {
    return false;
  }
}

/** Whether a host is this machine, by its name alone. */
export function isThisMachine(text: string): boolean {
  const host = readHost(text);
  return host === "localhost" || isLoopbackAddress(host);
}
