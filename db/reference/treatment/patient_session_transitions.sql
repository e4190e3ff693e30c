-- From where to where a session of a patient moves. At home the patient starts and completes it; in the clinic its appointment does, or
-- staff with a reason. What is missed was begun and sent late, or its appointment was reinstated, where it goes on. EXE-02, EXE-04.
-- An empty from_state is creation. docs/state-machines/patient_sessions.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "patient_sessions"}', rows => '
  from_state | to_state  | actor   | permission             | event                            | quiet_because
  -----------+-----------+---------+------------------------+----------------------------------+-----------------------------------------------------
             | due       | staff   | treatment_plans.assign |                                  |
             | due       | patient |                        |                                  |
  due        | started   | patient |                        |                                  |
  due        | completed | staff   | treatment_plans.assign | treatment_plan.session_completed | Patient and specialist were together.
  due        | completed | system  |                        | treatment_plan.session_completed | Patient and specialist were together.
  due        | missed    | system  |                        |                                  |
  due        | cancelled | staff   | treatment_plans.assign |                                  |
  started    | completed | patient |                        | treatment_plan.session_completed | The patient has just done it.
  started    | missed    | system  |                        |                                  |
  started    | cancelled | staff   | treatment_plans.assign |                                  |
  missed     | completed | patient |                        | treatment_plan.session_completed | The patient did it, and the device sent it late.
  missed     | completed | staff   | treatment_plans.assign | treatment_plan.session_completed | Patient and specialist were together.
  missed     | due       | system  |                        |                                  |
');
