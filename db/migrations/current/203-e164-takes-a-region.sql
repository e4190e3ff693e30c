-- The default of a telephone number is a region, and what is none is refused with its reason. FND-07.

drop function if exists app_hidden.e164(text, text);
