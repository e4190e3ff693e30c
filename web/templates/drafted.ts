import type { State } from "./contract.ts";

export const componentKinds = ["letterhead", "footer", "signature"] as const;
export const templateKinds = ["report", "prescription", "form"] as const;
export type Kind = (typeof templateKinds)[number] | (typeof componentKinds)[number];

/** A template or a component as somebody writes it. */
export type Drafted = {
  kind: Kind;
  isComponent: boolean;
  title: string;
  locale: "ro" | "en";
  state: State;
  layout: Record<string, unknown>;
};

export function isComponentKind(kind: Kind): boolean {
  return (componentKinds as readonly string[]).includes(kind);
}

/** The word by which programs know what is new: its title in plain letters, and a few of chance, for titles are not unique. */
export function keyOf(title: string): string {
  const plain = title
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z0-9 ]/g, "")
    .trim()
    .replace(/ +/g, "_")
    .slice(0, 40);
  const chance = crypto.randomUUID().slice(0, 8);
  return `${/^[a-z]/.test(plain) ? plain : `t_${plain}`}_${chance}`;
}
