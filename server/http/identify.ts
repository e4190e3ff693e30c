import type { RequestHandler } from "express";
import type { Pool } from "pg";
import type { Mode } from "../../runtime/environment/mode.ts";
import { signInFirst } from "../errors/sign_in_first.ts";
import { keepSession, memberSession, visitorSession } from "../identity/session.ts";
import type { Claims, Verifier } from "../identity/verify.ts";
import type { RateLimits } from "./rate_limits.ts";

/**
 * Verifies the token, without the database: a bad header is 401 before anything else is looked at, the
 * body included (FND-03). No header at all is a visitor.
 */
export function authenticate(verify: Verifier, limits?: Pick<RateLimits, "badToken">): RequestHandler {
  return async (request, response, next) => {
    // `headers` keeps only the first of two Authorization headers; `headersDistinct` shows both.
    const authorization = request.headersDistinct.authorization;
    try {
      response.locals.claims = authorization === undefined ? null : await verify(authorization);
    } catch (refusal) {
      // A flood of bad tokens is told to come back later; whoever sends a good one from there still comes in.
      limits?.badToken(request, response);
      throw refusal;
    }
    next();
  };
}

/** Makes the session: one call to the database for a signed-in caller, none for a visitor. */
export function enter(pool: Pool, mode: Mode): RequestHandler {
  return async (request, response, next) => {
    const claims = response.locals.claims as Claims | null;
    const requestId = response.locals.requestId as string;
    response.setHeader("Cache-Control", "no-store"); // what one person is told, nobody keeps for the next
    const facts = { headers: request.headers, ip: request.ip };
    const session = claims
      ? await memberSession(pool, claims, requestId, facts)
      : visitorSession(requestId, facts);
    // What is not to happen in production the database refuses (FND-19).
    session.settings["app.mode"] = mode;
    keepSession(request, session);
    next();
  };
}

/** Of what only people who are signed in may ask. */
export const signedIn: RequestHandler = (_request, response, next) => {
  if (!response.locals.claims) throw signInFirst();
  next();
};
