-- From where to where a patient's treatment plan moves: by staff, by the last session that is done, and by time. EXE-01, EXE-03.
-- An empty from_state is creation. docs/state-machines/patient_treatment_plans.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "patient_treatment_plans"}', rows => '
  from_state | to_state  | actor   | permission             | event                    | quiet_because
  -----------+-----------+---------+------------------------+--------------------------+---------------------------------------------------------------------------
             | active    | staff   | treatment_plans.assign | treatment_plan.assigned  | The specialist tells the patient; a clinic writes by an automation of its own.
  active     | paused    | staff   | treatment_plans.assign |                          |
  paused     | active    | staff   | treatment_plans.assign |                          |
  active     | cancelled | staff   | treatment_plans.assign |                          |
  paused     | cancelled | staff   | treatment_plans.assign |                          |
  active     | completed | patient |                        | treatment_plan.completed | Who did the last session knows; a clinic writes by an automation of its own.
  active     | completed | staff   | treatment_plans.assign | treatment_plan.completed | Who did the last session knows; a clinic writes by an automation of its own.
  active     | completed | system  |                        | treatment_plan.completed | Who did the last session knows; a clinic writes by an automation of its own.
  active     | expired   | system  |                        | treatment_plan.expired   | What to say to somebody who did not go on is for the clinic to decide.
');
