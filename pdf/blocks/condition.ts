import type { Drawn } from "../theme/context.ts";
import { holds } from "../values/look_up.ts";

/** One set of blocks where its condition holds, the other where it does not. */
export const condition: Drawn<"condition"> = ({ id, when, blocks, otherwise = [] }, context) =>
  context.inside(holds(when, context.scope, context.writing.timezone) ? blocks : otherwise, context, id);
