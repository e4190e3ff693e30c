import { isIPv6 } from "node:net";
import { asciiLower } from "../../providers/ascii_lower.ts";

/**
 * The address that counts for limits: IPv4 as it is, also when it arrives mapped into IPv6; of IPv6 the
 * first 64 bits, because whoever has one such address has the whole network behind it (FND-27).
 */
export function limitedAddress(ip: string | undefined): string {
  const address = asciiLower((ip ?? "unknown").replace(/%.*$/, ""));
  const mapped = /^(?:0*:)*:?ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const after = tail.split(":");
    const missing = 8 - groups.length - after.length - (tail.includes(".") ? 1 : 0);
    groups.push(...Array.from({ length: missing }, () => "0"), ...after);
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
