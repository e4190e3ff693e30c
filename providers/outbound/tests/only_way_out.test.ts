import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");

/** Whoever may call out by itself, and why. */
const exceptions: Record<string, string> = {
  "runtime/own_authority.ts": "says whose certificates are believed, and calls nobody",
  "server/start.ts": "asks the processes it started on this machine",
  "server/start/ask.ts": "asks the API it started on this machine",
  "server/identity/dev_token.ts": "tells the API of this machine that a session ended",
};

/** Clients that open connections themselves: they are given ours. */
const clients =
  /^(nodemailer|twilio|stripe|undici|axios|got|node-fetch|web-push|ws|smtp-connection|@aws-sdk\/client-.+|@smithy\/node-http-handler)$/;
/** What of these modules connects nobody: they read addresses, or listen. */
const harmless = new Set(["isIP", "isIPv4", "isIPv6", "BlockList", "createServer", "WebSocketServer"]);

/** Every way in which a source could call another machine without providers/outbound. */
function waysOut(source: string): string[] {
  const found: string[] = [];
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const usesOurs = /from "[^"]*\/(outbound\/index|outbound\/connect|connect|request)\.ts"/.test(code);
  for (const [, what = "", from = ""] of code.matchAll(/import\s+(?!type\b)([^;"]*?)\s*from\s*"([^"]+)"/g)) {
    const names = what
      .replace(/[{}]/g, "")
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "));
    if (/^(node:)?(net|tls|http|https|http2|dgram|dns|dns\/promises)$/.test(from)) {
      const isNamed = what.trim().startsWith("{");
      const outward = isNamed ? names.filter((name) => !harmless.has(name.replace(/ as .*/, ""))) : names;
      found.push(...outward.map((name) => `${name} of ${from}`));
    } else if (clients.test(from) && names.some((name) => !harmless.has(name)) && !usesOurs) {
      found.push(`${from} without our connections`);
    }
  }
  if (/import\(\s*"(node:)?(net|tls|https?|http2|dgram|dns)[/"]|require\(/.test(code))
    found.push("a module loaded later");
  if (/(?<![.\w"'`])fetch\s*\(|globalThis\.fetch|new (WebSocket|EventSource)\(/.test(code))
    found.push("fetch");
  return found;
}

/** Clients whose package is taken for something else than calling. */
const calculates: Record<string, string> = {
  "providers/push/index.ts": "web-push makes keys",
  "providers/webhooks/stripe.ts": "stripe checks signatures",
  "providers/storage/presign.ts": "signs URLs with a client that storage made",
  "providers/email/ses_sender.ts": "asks with the client it is given",
};

describe("there is one way out (FND-35)", () => {
  const sources = globSync(
    [
      "server/**/*.ts",
      "tasks/**/*.ts",
      "providers/**/*.ts",
      "secrets/**/*.ts",
      "messages/**/*.ts",
      "webhooks/**/*.ts",
      "runtime/**/*.ts",
      "telemetry/**/*.ts",
    ],
    { cwd: root },
  )
    .filter((file) => !/(^|\/)tests\//.test(file) && !file.startsWith("providers/outbound/"))
    .sort();

  test("nothing calls another machine but through providers/outbound", () => {
    expect(sources.length).toBeGreaterThan(200);
    const found = sources.flatMap((file) => {
      if (file in exceptions) return [];
      const ways = waysOut(readFileSync(path.join(root, file), "utf8"));
      return ways
        .filter((way) => !(file in calculates && way.endsWith("connections")))
        .map((way) => `${file}: ${way}`);
    });
    expect(found).toEqual([]);
  });

  test("and no exception excuses nothing", () => {
    const needless = Object.keys({ ...exceptions, ...calculates }).filter(
      (file) => !sources.includes(file) || waysOut(readFileSync(path.join(root, file), "utf8")).length === 0,
    );
    expect(needless).toEqual([]);
  });

  test.each([
    ['import { connect } from "node:net";', "connect of node:net"],
    ['import { createServer, Socket } from "net";', "Socket of net"],
    ['import https from "node:https";', "https of node:https"],
    ['import * as http from "node:http";', "* as http of node:http"],
    ['import { lookup, type LookupAddress } from "node:dns";', "lookup of node:dns"],
    ['import { Agent as A } from "node:https";', "Agent as A of node:https"],
    ['import nodemailer from "nodemailer";', "nodemailer without our connections"],
    ['import { S3Client } from "@aws-sdk/client-s3";', "@aws-sdk/client-s3 without our connections"],
    ['const net = await import("node:net");', "a module loaded later"],
    ["await fetch(url);", "fetch"],
    ["globalThis.fetch(url)", "fetch"],
  ])("%s is found", (source, way) => {
    expect(waysOut(source)).toEqual([way]);
  });

  test.each([
    'import type { Socket } from "node:net";',
    'import { createServer, type Server } from "node:http";',
    'import { isIP } from "node:net";',
    'import nodemailer from "nodemailer";\nimport { connectTo } from "../outbound/index.ts";',
    "account.fetch();",
    "// fetch(url) is not called",
  ])("%s is none", (source) => {
    expect(waysOut(source)).toEqual([]);
  });
});
