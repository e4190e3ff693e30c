import "postgraphile";
import { type ObjectStep, type Step, sideEffect } from "grafast";
import { Refusal } from "../../runtime/refusal.ts";

/**
 * An update that finds no row it may touch is NOT_FOUND, as a delete is: the generated mutation would
 * answer with null, which reads as done. Another clinic's row and a random id answer alike (FND-29).
 */
export const NothingUpdatedPlugin: GraphileConfig.Plugin = {
  name: "NothingUpdatedPlugin",
  version: "1.0.0",
  after: ["PgMutationUpdateDeletePlugin"],

  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, _build, { scope }) {
        if (!(scope as { isPgUpdateMutation?: boolean }).isPgUpdateMutation || !field.plan) return field;
        const { plan } = field;
        return {
          ...field,
          plan($root, fieldArgs, info) {
            const $payload = plan($root, fieldArgs, info) as ObjectStep<{ result: Step }>;
            sideEffect($payload.getStepForKey("result"), refuseNothing);
            return $payload;
          },
        };
      },
    },
  },
};

function refuseNothing(result: { t?: unknown } | null): void {
  if (result === null || result.t === null || result.t === undefined)
    throw new Refusal("NOT_FOUND", "not_found");
}
