drop function if exists app_private.due_patient_plans(int);

