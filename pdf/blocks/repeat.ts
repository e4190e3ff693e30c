import type { Drawn } from "../theme/context.ts";
import { rowsOf } from "../values/look_up.ts";

/** Its blocks once for each row of a collection, whose fields they name as `item.`. */
export const repeat: Drawn<"repeat"> = ({ id, over, blocks }, context) =>
  rowsOf(over, context.scope).flatMap((item, place) =>
    context.inside(blocks, { ...context, scope: { ...context.scope, item } }, `${id}.${place}`),
  );
