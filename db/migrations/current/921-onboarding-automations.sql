-- Clinics that are there already find the welcome of new patients among their automations, switched off: nobody writes to their
-- patients in words that the clinic has not read. docs/decisions/0142. AUT-05.

set local role app_engine;
select app_private.give_onboarding_automation(organizations.id, false)
from app_public.organizations
where not exists (
  select from app_public.automation_rules where automation_rules.organization_id = organizations.id);
reset role;

