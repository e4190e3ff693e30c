import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Contract } from "./contract.ts";

/** What every part of a builder needs: what rules are made of, and what is wrong at which path. */
export type Builder = { contract: Contract; problems: Map<string, string> };

export const BuilderContext = createContext<Builder | null>(null);

export function useBuilder(): Builder {
  const builder = useContext(BuilderContext);
  if (!builder) throw new Error("A part of a rule stands outside of a builder.");
  return builder;
}
