-- From where to where a version of a treatment plan moves. Staff write and approve a clinic's, superadmins the platform's; without
-- approval a draft is approved as it is submitted. Nothing follows retired. TPL-02.
-- An empty from_state is creation. docs/state-machines/treatment_plan_versions.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "treatment_plan_versions"}', rows => '
  from_state | to_state  | actor      | permission
  -----------+-----------+------------+------------------------
             | draft     | staff      | treatment_plans.manage
             | draft     | superadmin |
  draft      | submitted | staff      | treatment_plans.manage
  draft      | submitted | superadmin |
  draft      | approved  | staff      | treatment_plans.manage
  submitted  | approved  | staff      | treatment_plans.approve
  submitted  | approved  | superadmin |
  submitted  | retired   | staff      | treatment_plans.approve
  submitted  | retired   | superadmin |
  approved   | retired   | staff      | treatment_plans.approve
  approved   | retired   | superadmin |
');
