// Ends as the system ends a process that takes too much memory.
process.kill(process.pid, 'SIGKILL');
