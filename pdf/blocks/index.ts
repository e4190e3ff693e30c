import type { Block } from "../block_schemas.ts";
import type { Drawn } from "../theme/context.ts";
import { answers } from "./answers.ts";
import { columns } from "./columns.ts";
import { condition } from "./condition.ts";
import { divider } from "./divider.ts";
import { heading } from "./heading.ts";
import { image } from "./image.ts";
import { list } from "./list.ts";
import { pageBreak } from "./page_break.ts";
import { proof } from "./proof.ts";
import { repeat } from "./repeat.ts";
import { signature } from "./signature.ts";
import { spacer } from "./spacer.ts";
import { table } from "./table.ts";
import { text } from "./text.ts";

/** How each type of block is drawn. */
export const drawn: { [Type in Block["type"]]: Drawn<Type> } = {
  answers,
  columns,
  condition,
  divider,
  heading,
  image,
  list,
  page_break: pageBreak,
  proof,
  repeat,
  signature,
  spacer,
  table,
  text,
};
