import { describe, expect, test } from "vitest";
import { isPublicAddress, mayReach } from "../address.ts";
import { isAllowedHost, isThisMachine, readHost } from "../host.ts";

/** One address of every network that is not the public internet, its first and its last among them. */
const behindDoors = [
  ...["0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255"],
  ...["100.64.0.0", "100.100.100.200", "100.127.255.255"], // carriers, and clouds' own services
  ...["127.0.0.1", "127.255.255.255", "169.254.0.0", "169.254.169.254"],
  ...[
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
  ],
  ...[
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
  ],
  ...["::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8"],
  ...["64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1"], // NAT64 leads to any IPv4
  ...["fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1"],
  ...["2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1"],
];
const open = [
  ...[
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
  ],
  ...["169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0"],
  ...[
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450::1",
    "2001:4860::8888",
  ],
];

describe("an address is public, or it is behind somebody's door (FND-35)", () => {
  test.each(behindDoors)("%s is not public", (address) => {
    expect(isPublicAddress(address)).toBe(false);
    expect(mayReach(address, "public")).toBe(false);
    expect(mayReach(address, "anywhere")).toBe(true);
  });
  test.each(open)("%s is", (address) => {
    expect(isPublicAddress(address)).toBe(true);
    expect(mayReach(address, "public")).toBe(true);
  });
  test.each(["", "mail.example", "1.1.1.1.1", "1.1.1", "127.0.0.1.example"])("%j is no address", (text) => {
    expect(isPublicAddress(text)).toBe(false);
    expect(mayReach(text, "here")).toBe(false);
  });
  test("of the rest, this machine may be meant, and nothing else", () => {
    const reachable = behindDoors.filter((address) => mayReach(address, "here"));
    expect(reachable).toEqual(["127.0.0.1", "127.255.255.255", "::1"]);
  });
});

describe("a host is read once, as what it is (FND-35)", () => {
  test.each([
    ["127.0.0.1", "127.0.0.1"],
    ["0x7f.1", "127.0.0.1"],
    ["0x7f000001", "127.0.0.1"],
    ["127.1", "127.0.0.1"],
    ["0177.0.0.1", "127.0.0.1"],
    ["017700000001", "127.0.0.1"],
    ["2130706433", "127.0.0.1"],
    ["127.0.0.1.", "127.0.0.1"],
    ["１２７.0.0.1", "127.0.0.1"],
    ["0xa9.0xfe.0xa9.0xfe", "169.254.169.254"],
    ["0", "0.0.0.0"],
    ["[::]", "::"],
    ["::1", "::1"],
    ["[::ffff:127.0.0.1]", "::ffff:7f00:1"],
    ["[0:0:0:0:0:0:0:1]", "::1"],
    ["LOCALHOST.", "localhost"],
    ["Mail.Atlas.Example", "mail.atlas.example"],
    ["mail.atlas.example.", "mail.atlas.example"],
    ["mail。atlas。example", "mail.atlas.example"],
    ["pošta.example", "xn--pota-h6a.example"],
  ])("%s is %s", (text, host) => {
    expect(readHost(text)).toBe(host);
    const addressed = behindDoors.concat("localhost").includes(host);
    expect(isAllowedHost(text, "public")).toBe(!addressed);
  });

  test.each([
    "",
    " ",
    ".",
    "a b.example",
    "mail.example:25",
    "mail.example:80",
    "mail.example:",
    "[::1]:80",
    "127.0.0.1:80",
    "user@mail.example",
    "mail.example/path",
    "mail.example?x",
    "mail.example#x",
    "mail.example\\x",
    "[::1",
    "::1]",
    "fe80::1%eth0",
    "256.1.1.1",
    "1.2.3.4.5",
    "0x7g.1.2.3",
    "mail.example\r\nx",
  ])("%j is no host", (text) => {
    expect(() => readHost(text)).toThrow("not a host");
    expect(isAllowedHost(text, "anywhere")).toBe(false);
  });

  test.each([
    "database",
    "localhost",
    "x.localhost",
    "printer.local",
    "db.internal",
    "1.0.0.127.in-addr.arpa",
    "nas.lan.",
  ])("%s is no public name", (name) => {
    expect(isAllowedHost(name, "public")).toBe(false);
    expect(isAllowedHost(name, "here")).toBe(name.endsWith("localhost"));
    expect(isAllowedHost(name, "anywhere")).toBe(true);
  });

  test("this machine is known by any spelling, and by nothing that only begins like it", () => {
    for (const here of ["localhost", "127.1", "0x7f.1", "[::1]", "LOCALHOST."]) {
      expect(isThisMachine(here), here).toBe(true);
      expect(isAllowedHost(here, "here"), here).toBe(true);
    }
    for (const there of ["127.0.0.1.example.com", "localhost.example.com", "10.0.0.1"]) {
      expect(isThisMachine(there), there).toBe(false);
    }
    expect(isAllowedHost("10.0.0.1", "here")).toBe(false);
  });
});
