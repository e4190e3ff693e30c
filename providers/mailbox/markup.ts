/** Text that may stand in HTML. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** HTML with every value escaped, except markup made the same way. */
export function html(
  strings: TemplateStringsArray,
  ...values: (string | number | Markup | Markup[])[]
): Markup {
  const written = values.map((value) =>
    [value]
      .flat()
      .map((part) => (part instanceof Markup ? part.text : escapeText(String(part))))
      .join(""),
  );
  return new Markup(String.raw({ raw: strings }, ...written));
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
