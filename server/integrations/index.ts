import type { Settings } from "../identity/session.ts";
import type { IntegrationParts } from "./parts.ts";
import { type IntegrationInput, saveIntegration } from "./save_integration.ts";
import { type TestOutcome, testIntegration } from "./try_integration.ts";

export type { IntegrationInput } from "./save_integration.ts";
export type { TestOutcome } from "./try_integration.ts";

/** What the schema does with integrations beyond SQL (FND-23): it seals keys, and it asks vendors. */
export type Integrations = {
  /** Resolves with the integration's id; throws a Refusal otherwise, and then nothing was written. */
  save(settings: Settings, input: IntegrationInput): Promise<string>;
  /** Resolves with what the vendor said, which is recorded by then. */
  test(settings: Settings, integrationId: string): Promise<TestOutcome>;
};

export function createIntegrations(parts: IntegrationParts): Integrations {
  return {
    save: (settings, input) => saveIntegration(parts, settings, input),
    test: (settings, integrationId) => testIntegration(parts, settings, integrationId),
  };
}
