/** Automations: those of the fixture begin with canaries, which no event is. */
import { id, type Making } from "./making.ts";

const ofAutomation: Making = async (world) => ({
  automationRuleId: await id(
    world,
    `select tests.automation(uuidv7()::text, 'patient.onboarded',
       '[{"action": "require_consent", "config": {"purpose": "org_terms"}}]', clinic => 'atlas') as id`,
  ),
});

export const ofAutomations: Record<string, Making> = {
  editAutomation: ofAutomation,
  enableAutomation: ofAutomation,
  simulateAutomation: ofAutomation,
};
