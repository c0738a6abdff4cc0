/* Keeps the cgroup of a systemd unit in being. */
#ifndef HOLD_H
#define HOLD_H

/* Tells systemd that the unit is up (sd_notify(3)), and stays until a signal ends the process. */
_Noreturn void hold(void);

#endif
