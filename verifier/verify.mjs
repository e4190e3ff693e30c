#!/usr/bin/env node
/**
 * Verifies the proof of a signed form (CNS-07). Needs this file, Node, and nothing else:
 *
 *   node verify.mjs proof.json [--hash <64 characters>] [--files <folder>]
 *
 * proof.json is what GET /v1/forms/{id}/proof answered. --hash is the SHA-256 that somebody kept elsewhere, as it is printed
 * on the document: without it a bundle that was made up whole cannot be told from a true one. --files is a folder in which
 * each attachment lies under its id.
 *
 * Every part of a bundle is a text or bytes, kept exactly as they were hashed; nothing is written anew before it is hashed.
 * `proof` holds the SHA-256 of every other part. `events` is a chain: each event holds the SHA-256 of the one before it, the
 * proof holds that of the last one before the signature, and the event of the signature holds the SHA-256 of the proof.
 */
import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const sha256 = (content) => createHash("sha256").update(content).digest("hex");
const NOTHING_BEFORE = "0".repeat(64);

/** Every fault as { part, problem }; none for a bundle that is whole. */
export function faultsIn(bundle, { hash, attachment } = {}) {
  const faults = [];
  const fault = (part, problem) => faults.push({ part, problem });

  if (bundle?.format !== "restartix-signature-1") {
    fault("bundle", "this is no bundle of format restartix-signature-1");
    return faults;
  }
  const proofHash = sha256(String(bundle.proof));
  if (proofHash !== bundle.proofHash) fault("proof", "the proof is not the one that proofHash was made of");
  if (hash !== undefined && hash.toLowerCase() !== bundle.proofHash)
    fault("proof", "proofHash is not the hash that was kept elsewhere");
  let proof;
  try {
    proof = JSON.parse(bundle.proof);
  } catch {
    fault("proof", "the proof cannot be read");
    return faults;
  }

  compare("content", "the questions are not those that were signed", bundle.content, proof.content);
  compare("text", "the text is not the one that was shown", bundle.text, proof.text);
  compare("answers", "the answers are not those that were signed", bundle.answers, proof.answers);
  const { image, path, typedName } = proof.signature ?? {};
  if (image || bundle.image != null)
    compare("image", "the image is not the one that was drawn", bytesOf(bundle.image), image);
  if (path || bundle.path != null)
    compare("path", "the strokes are not those that were drawn", bundle.path, path);
  if (!image && !typedName) fault("proof", "nothing was signed with: neither a name nor an image");
  for (const file of proof.attachments ?? []) {
    const bytes = attachment?.(file.id);
    if (bytes) compare(`attachment ${file.id}`, "the file is not the one that was signed", bytes, file);
  }
  examineEvents(bundle.events ?? [], proof, proofHash, fault);
  return faults;

  function compare(part, problem, content, signed) {
    if (content === undefined || content === null) fault(part, "it is missing");
    else if (sha256(content) !== signed?.sha256) fault(part, problem);
  }
}

const bytesOf = (base64) => (typeof base64 === "string" ? Buffer.from(base64, "base64") : undefined);

function examineEvents(texts, proof, proofHash, fault) {
  let events;
  try {
    events = texts.map((text) => ({ ...JSON.parse(text), hash: sha256(text) }));
  } catch {
    fault("events", "an event cannot be read");
    return;
  }
  const found = new Set(events.map(({ position }) => position));
  const last = Number(proof.events?.count) + 1;
  const missing = Array.from({ length: last }, (_, place) => place + 1).filter((place) => !found.has(place));
  if (missing.length > 0) {
    fault("events", `missing: ${missing.map((place) => `event ${place}`).join(", ")}`);
    return;
  }
  const moved = events.find(({ position }, place) => position !== place + 1);
  if (moved) {
    fault("events", `out of order: event ${moved.position} (${moved.event}) is not in its place`);
    return;
  }
  for (const [place, event] of events.entries()) {
    const before = events[place - 1];
    if (event.previous === (before ? before.hash : NOTHING_BEFORE)) continue;
    fault(
      "events",
      before ? `event ${place} (${before.event}) was changed` : "the first event has one before it",
    );
    return;
  }
  const head = events[last - 2];
  if ((head ? head.hash : NOTHING_BEFORE) !== proof.events?.head)
    fault("events", `the events before the signature are not those that the proof was made with`);
  const signing = events[last - 1];
  if (signing?.event !== "signed" || signing.proofHash !== proofHash)
    fault("events", `event ${last} is not the signature of this proof`);
}

function main([file, ...options]) {
  const option = (name) => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined);
  if (!file || options.length % 2 === 1) {
    console.error("usage: node verify.mjs proof.json [--hash <64 characters>] [--files <folder>]");
    return 2;
  }
  let bundle;
  try {
    bundle = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    console.error(`${file} cannot be read: ${error.message}`);
    return 2;
  }
  const folder = option("--files");
  const attachment = (id) => {
    try {
      return folder && /^[0-9a-f-]{36}$/.test(id) ? readFileSync(join(folder, id)) : undefined;
    } catch {
      return undefined;
    }
  };
  const faults = faultsIn(bundle, { hash: option("--hash"), attachment });
  for (const { part, problem } of faults) console.log(`FAILS  ${part}: ${problem}`);
  if (faults.length > 0) return 1;

  const { signer, signedAt, form, signature } = JSON.parse(bundle.proof);
  console.log(`WHOLE  form ${form.id}, signed ${signedAt} by ${signer.name} (${signature.mode})`);
  console.log(`       SHA-256 of the proof: ${bundle.proofHash}`);
  return 0;
}

// Older versions of Node have no import.meta.main, and a verifier that says nothing would pass for one that found nothing.
const program = process.argv[1] && pathToFileURL(realpathSync(process.argv[1])).href;
if (program === import.meta.url) process.exitCode = main(process.argv.slice(2));
