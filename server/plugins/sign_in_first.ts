import "postgraphile";
import { GraphQLError } from "grafast/graphql";
import { toRefusal } from "../errors/graphql_errors.ts";
import type { ErrorRegistry } from "../errors/registry.ts";
import { signInFirst } from "../errors/sign_in_first.ts";
import { isVisitor } from "../identity/session.ts";

/**
 * Who did not sign in is told to do so, by whatever field, rather than that they may not (FND-29, FND-03): where the
 * database refuses a role that has no right, or a function refuses somebody who is nobody, only the door knows which
 * of the two it was.
 */
export function SignInFirstPlugin(registry: ErrorRegistry): GraphileConfig.Plugin {
  return {
    name: "SignInFirstPlugin",
    version: "1.0.0",
    grafast: {
      middleware: {
        async execute(next, event) {
          const result = await next();
          const request = event.args.requestContext?.node?.req;
          if (!request || !isVisitor(request) || !("errors" in result) || !result.errors) return result;
          return { ...result, errors: result.errors.map((error) => forVisitor(error, registry)) };
        },
      },
    },
  };
}

function forVisitor(error: GraphQLError, registry: ErrorRegistry): GraphQLError {
  let cause: unknown = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  const refusal = toRefusal(cause, registry);
  if (refusal?.code !== "FORBIDDEN") return error;
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    originalError: signInFirst(),
  });
}
