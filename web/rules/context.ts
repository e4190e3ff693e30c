import { type ComponentType, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Contract } from "./contract.ts";
import type { Rule } from "./rule.ts";

/** One part of a rule, whatever it is. */
export type PartOfRule = {
  rule: Rule;
  path: string;
  /** How many levels it is down, from 1. */
  depth: number;
  /** Inside of which count it stands, by the code of what is counted. */
  collection: string | null;
  /** Null: it is taken away. */
  onChange(rule: Rule | null): void;
};

/**
 * What every part of a builder needs: what rules are made of, what is wrong at which path, and how a part is shown, since parts stand
 * in groups, and groups are parts.
 */
export type Builder = { contract: Contract; problems: Map<string, string>; Part: ComponentType<PartOfRule> };

export const BuilderContext = createContext<Builder | null>(null);

export function useBuilder(): Builder {
  const builder = useContext(BuilderContext);
  if (!builder) throw new Error("A part of a rule stands outside of a builder.");
  return builder;
}
