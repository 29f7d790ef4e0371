/** What a client may call a table; it is part of the object's key. */
export const TABLE_NAME = /^[a-z][a-z0-9_]{0,62}$/;
