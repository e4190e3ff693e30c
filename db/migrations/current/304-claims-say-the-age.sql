-- Whoever claims a profile that has no date of birth says it as they do. FND-32.
drop function if exists app_public.confirm_profile_claim(uuid, text, uuid[]);

