// Starts processes: the verifier is a program that people download and run.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "restartix-verifier-"));
const program = join(folder, "verify.mjs");
const source = new URL("../verify.mjs", import.meta.url);
copyFileSync(source, program); // alone, far from the rest of the code
afterAll(() => rmSync(folder, { recursive: true }));

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
const image = Buffer.from("\x89PNG and its pixels", "latin1");
const leaflet = Buffer.from("a leaflet");
const leafletId = "0195f3c0-0000-7000-8000-00000000000f";

type Bundle = Record<string, any> & { events: string[] };

function chain(...events: [string, object?][]): string[] {
  const texts: string[] = [];
  for (const [event, details] of events) {
    const previous = texts.length > 0 ? sha256(texts.at(-1) ?? "") : "0".repeat(64);
    texts.push(JSON.stringify({ event, position: texts.length + 1, previous, ...details }));
  }
  return texts;
}

function bundle(): Bundle {
  const before = chain(["link_created"], ["link_sent"], ["identified"], ["viewed"]);
  const parts = {
    content: '{"items":[]}',
    text: "Sunt de acord\nașa",
    answers: '{"pain":4}',
    path: "M0 0L5 5",
  };
  const proof = JSON.stringify({
    format: "restartix-signature-1",
    form: { id: "f" },
    signer: { name: "Ioana Mureșan" },
    signedAt: "2027-03-08T07:00:00.000000Z",
    content: { sha256: sha256(parts.content) },
    text: { sha256: sha256(parts.text), locale: "ro" },
    answers: { sha256: sha256(parts.answers) },
    attachments: [{ id: leafletId, sha256: sha256(leaflet) }],
    signature: {
      mode: "remote_link",
      image: { sha256: sha256(image) },
      path: { sha256: sha256(parts.path) },
    },
    events: { count: 4, head: sha256(before.at(-1) ?? "") },
  });
  const signed = JSON.stringify({
    event: "signed",
    position: 5,
    previous: sha256(before.at(-1) ?? ""),
    proofHash: sha256(proof),
  });
  return {
    format: "restartix-signature-1",
    proof,
    proofHash: sha256(proof),
    ...parts,
    image: image.toString("base64"),
    events: [...before, signed],
  };
}

function run(content: Bundle | string, ...options: string[]): { status: number; lines: string } {
  const file = join(folder, "proof.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  try {
    return {
      status: 0,
      lines: execFileSync(process.execPath, [program, file, ...options], { encoding: "utf8" }),
    };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { status, lines: stdout + stderr };
  }
}

const changed = (change: (bundle: Bundle) => void) => {
  const made = bundle();
  change(made);
  return run(made);
};

describe("the stand-alone verifier (CNS-07)", () => {
  it("imports nothing but what Node has", () => {
    const imports = [...readFileSync(source, "utf8").matchAll(/^import .* from "(.*)";$/gm)].map(
      ([, name]) => name,
    );
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((name) => !name?.startsWith("node:"))).toEqual([]);
    // A stranger's Node may be old; without this one it would say nothing and seem content.
    expect(readFileSync(source, "utf8")).not.toMatch(/if \(import\.meta\.main/);
  });

  it("passes a bundle that nobody touched, and says who signed what", () => {
    const { status, lines } = run(bundle());
    expect(lines).toContain(
      "WHOLE  form f, signed 2027-03-08T07:00:00.000000Z by Ioana Mureșan (remote_link)",
    );
    expect(status).toBe(0);
  });

  it.each<[string, (bundle: Bundle) => void, string]>([
    [
      "a changed answer",
      (made) => {
        made.answers = '{"pain":9}';
      },
      "FAILS  answers:",
    ],
    [
      "a changed text",
      (made) => {
        made.text = made.text.replace("așa", "altfel");
      },
      "FAILS  text:",
    ],
    [
      "changed questions",
      (made) => {
        made.content = '{"items":[{}]}';
      },
      "FAILS  content:",
    ],
    [
      "a swapped image",
      (made) => {
        made.image = Buffer.from("another").toString("base64");
      },
      "FAILS  image:",
    ],
    [
      "an image that is gone",
      (made) => {
        made.image = null;
      },
      "FAILS  image: it is missing",
    ],
    [
      "changed strokes",
      (made) => {
        made.path = "M0 0L5 6";
      },
      "FAILS  path:",
    ],
    [
      "a changed proof",
      (made) => {
        made.proof = made.proof.replace("Ioana", "Maria");
      },
      "FAILS  proof:",
    ],
    [
      "a dropped event",
      (made) => {
        made.events.splice(2, 1);
      },
      "FAILS  events: missing: event 3",
    ],
    [
      "the last event dropped",
      (made) => {
        made.events.pop();
      },
      "FAILS  events: missing: event 5",
    ],
    [
      "the first event dropped",
      (made) => {
        made.events.shift();
      },
      "FAILS  events: missing: event 1",
    ],
    [
      "all events dropped",
      (made) => {
        made.events = [];
      },
      "missing: event 1, event 2",
    ],
    [
      "reordered events",
      (made) => {
        made.events = [0, 2, 1, 3, 4].map((place) => made.events[place] ?? "");
      },
      "FAILS  events: out of order: event 3 (identified)",
    ],
    [
      "a changed event",
      (made) => {
        made.events[1] = (made.events[1] ?? "").replace("link_sent", "link_lost");
      },
      "FAILS  events: event 2 (link_lost) was changed",
    ],
    [
      "an event dropped and the rest counted and chained anew",
      (made) => {
        made.events = chain(
          ["link_created"],
          ["link_sent"],
          ["viewed"],
          ["viewed"],
          ["signed", { proofHash: made.proofHash }],
        );
      },
      "FAILS  events: the events before the signature are not those",
    ],
    [
      "the event of another signature",
      (made) => {
        made.events[4] = (made.events[4] ?? "").replace(/"proofHash":"../, '"proofHash":"zz');
      },
      "FAILS  events: event 5 is not the signature of this proof",
    ],
    [
      "something else",
      (made) => {
        made.format = "restartix-signature-2";
      },
      "FAILS  bundle:",
    ],
    [
      "a proof that nobody can read",
      (made) => {
        made.proof = "{";
      },
      "FAILS  proof: the proof cannot be read",
    ],
  ])("names %s", (_name, change, line) => {
    const { status, lines } = changed(change);
    expect(lines).toContain(line);
    expect(status).toBe(1);
  });

  it("tells a bundle that was made up whole by the hash that somebody kept", () => {
    const made = bundle();
    expect(run(made, "--hash", made.proofHash.toUpperCase()).status).toBe(0);
    const { status, lines } = run(made, "--hash", "0".repeat(64));
    expect(lines).toContain("FAILS  proof: proofHash is not the hash that was kept elsewhere");
    expect(status).toBe(1);
  });

  it("compares attachments with the files of a folder", () => {
    const file = join(folder, leafletId);
    writeFileSync(file, leaflet);
    expect(run(bundle(), "--files", folder).status).toBe(0);
    writeFileSync(file, "another leaflet");
    expect(run(bundle(), "--files", folder).lines).toContain(`FAILS  attachment ${leafletId}:`);
  });

  it("says how it is used, and what cannot be read", () => {
    expect(run("not json")).toMatchObject({ status: 2 });
    expect(run(bundle(), "--hash")).toMatchObject({ status: 2, lines: expect.stringContaining("usage:") });
  });
});
