import { type ComponentChild, render } from "preact";

/** Puts a page into its document. */
export function show(page: ComponentChild): void {
  const place = document.getElementById("page");
  if (place) render(page, place);
}
