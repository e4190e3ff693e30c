import { NotPublic } from "../outbound/index.ts";

/** What was wrong with an attempt; not_sent: it did not leave for a reason of ours, and says nothing about the receiver. */
export type WebhookProblem =
  | "refused"
  | "timeout"
  | "unreachable"
  | "not_public"
  | "tls"
  | "bad_answer"
  | "not_sent";

/** What this machine has too little of, or does not let us do: no receiver is behind it. */
const ours = new Set([
  "EMFILE",
  "ENFILE",
  "ENOBUFS",
  "ENOMEM",
  "EADDRNOTAVAIL",
  "EACCES",
  "EPERM",
  "ENETDOWN",
  "EAI_MEMORY",
  "EAI_SYSTEM",
]);

/** By code alone: what Node throws quotes hosts and paths. */
export function problemOf(error: unknown): WebhookProblem {
  if (error instanceof NotPublic) return "not_public";
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === "AbortError" || name === "TimeoutError") return "timeout";
  // Whatever comes without a code is a mistake of ours, and so is an argument that Node does not take.
  if (typeof code !== "string" || ours.has(code) || /^ERR_(INVALID|UNESCAPED|OUT_OF|MISSING)/.test(code))
    return "not_sent";
  if (code.startsWith("HPE_")) return "bad_answer";
  const isTls =
    code.startsWith("ERR_TLS") || code.startsWith("ERR_SSL") || code.includes("CERT") || code === "EPROTO";
  return isTls || code.includes("SIGNATURE") || code.includes("ISSUER") ? "tls" : "unreachable";
}
