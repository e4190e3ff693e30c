import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { attempt } from "../../runtime/folders.ts";
import { claimProblems } from "../../server/identity/claims.ts";
import { readIssuerConfig } from "../../server/identity/settings.ts";
import { broken, type Finding, ok, warning } from "./finding.ts";

/** The session token in a file; "-" is what is written to us. */
export async function readToken(file: string): Promise<string> {
  const text =
    file === "-"
      ? (await buffer(process.stdin)).toString("utf8")
      : attempt(`--token-file must name a file that can be read: ${file} cannot.`, () =>
          readFileSync(file, "utf8"),
        );
  return text.trim().replace(/^Bearer /i, "");
}

/**
 * What a session token carries, and what it lacks that would keep its holder out (FND-36, FND-03). Only its claims are
 * looked at, not its signature: a token that has ended says just as well how the provider is set up. Neither the token
 * nor anything of its holder is repeated.
 */
export function examineToken(token: string, env: NodeJS.ProcessEnv): Finding[] {
  const claims = claimsIn(token);
  if (!claims) {
    return [broken("this is no session token", "Give the whole token, three parts with dots between them.")];
  }
  const { identity } = readIssuerConfig(env);
  const problems = claimProblems(claims, identity);
  const stopped = { every_request: "every request is refused", first_sign_in: "nobody new can sign in" };
  const findings = problems.map(({ claim, problem, stops, hint }) =>
    broken(`the claim ${claim} is ${problem}: ${stopped[stops]}`, hint),
  );
  if (claims.email_verified === false) {
    findings.push(
      warning(
        "its holder's address is not verified: they cannot sign in for the first time",
        "Verify the address at the identity provider.",
      ),
    );
  }
  const ends = typeof claims.exp === "number" ? claims.exp * 1000 : Number.NaN;
  if (ends < Date.now())
    findings.push(warning("it has ended: only its claims were looked at", "Take a fresh one to sign in."));
  return findings.length > 0 ? findings : [ok("it carries every claim that is needed")];
}

function claimsIn(token: string): Record<string, unknown> | undefined {
  const parts = token.split(".");
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? "", "base64url").toString("utf8"));
    return parts.length === 3 && typeof claims === "object" && claims !== null && !Array.isArray(claims)
      ? (claims as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
