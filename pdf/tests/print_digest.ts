/** Prints the SHA-256 of the examples as this process renders them: tests start it on other days and in other time zones. */
import { createHash } from "node:crypto";
import { renderDocument } from "../render.ts";
import { example, picturesFor } from "./examples.ts";

for (const name of ["example_input", "example_form_input"] as const) {
  const input = example(name);
  const { bytes } = await renderDocument(input, picturesFor(input));
  console.log(createHash("sha256").update(bytes).digest("hex"));
}
