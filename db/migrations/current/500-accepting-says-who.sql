-- Whoever accepts an invitation to a patient's profile says who they are.
drop function if exists app_public.accept_invitation(uuid);
