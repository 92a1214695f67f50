/** What systemd takes as the name of a unit (systemd.unit(5)), but for an option's leading hyphen. */
export const SYSTEMD_UNIT = /^[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]{0,254}$/;
