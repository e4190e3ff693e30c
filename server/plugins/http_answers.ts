import "postgraphile";
import { isUnavailable } from "../errors/database_refusal.ts";
import { underPermit } from "../http/held_permit.ts";

const unavailable = new WeakSet<object>();

/**
 * HTTP statuses that say what happened (FND-29): a document that was not run is 400 for every client,
 * whatever it accepts, and a database that cannot be asked is 503 with Retry-After, not a 200 that
 * carries an error. Answers keep the media type the client asked for.
 */
export const HttpAnswersPlugin: GraphileConfig.Plugin = {
  name: "HttpAnswersPlugin",
  version: "1.0.0",

  grafast: {
    middleware: {
      async execute(next, event) {
        const result = await next();
        const request = event.args.requestContext?.node?.req;
        if (
          request &&
          "errors" in result &&
          result.errors?.some((error) => isUnavailable(error.originalError))
        ) {
          unavailable.add(request);
        }
        return result;
      },
    },
  },

  grafserv: {
    middleware: {
      async processRequest(next, event) {
        const { headers, requestContext } = event.requestDigest;
        // What is no media type is nothing one could want; grafserv would fail on it.
        const wanted = headers.accept
          ?.split(",")
          .filter((part) => /^\s*[^\s/;,]+\/[^\s/;,]+\s*(;|$)/.test(part))
          .join(",");
        if (wanted) headers.accept = wanted;
        else delete headers.accept;
        // Under `application/json` grafserv answers 200 to everything; the newer media type keeps statuses.
        if (wanted && !/application\/graphql-response\+json/.test(wanted)) {
          headers.accept = wanted.includes("json") ? `application/graphql-response+json, ${wanted}` : wanted;
        }
        const result = await underPermit(requestContext.node?.req, next);
        if (!result || !("headers" in result)) return result;
        if (
          wanted?.includes("json") &&
          !/application\/graphql-response\+json/.test(wanted) &&
          /^application\/graphql/.test(result.headers["content-type"] ?? "")
        ) {
          result.headers["content-type"] = "application/json;charset=utf-8";
        }
        const request = requestContext.node?.req;
        if (request && unavailable.has(request) && "statusCode" in result) {
          result.statusCode = 503;
          result.headers["retry-after"] = "1";
        }
        return result;
      },
    },
  },
};
