import { isUtf8 } from "node:buffer";
import express, { type RequestHandler } from "express";
import { asciiLower } from "../../providers/ascii_lower.ts";
import { Refusal } from "../../runtime/refusal.ts";

/** The largest body that is read, in bytes (FND-29). */
export const LARGEST_BODY = 100_000;

/** Reads a JSON body of at most so many bytes and nothing else: forms, text and application/graphql are refused with 415 (FND-29). */
export function jsonBodyUpTo(limit: number): RequestHandler {
  const parse = express.json({
    limit,
    type: () => true,
    inflate: false,
    // The parser would put a sign in place of each letter that it cannot tell, and names would be kept so.
    verify(_request, _response, body) {
      if (!isUtf8(body)) throw new Error("not UTF-8");
    },
  });
  return (request, response, next) => {
    const mediaType = asciiLower((request.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "");
    if (mediaType !== "application/json") {
      throw new Refusal("UNSUPPORTED_MEDIA_TYPE", "media_type_not_accepted");
    }
    parse(request, response, next);
  };
}

export const jsonBody = jsonBodyUpTo(LARGEST_BODY);
