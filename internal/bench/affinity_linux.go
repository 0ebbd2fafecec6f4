package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"
)

// cpuSet is the kernel's set of cores, a bit for each.
type cpuSet [16]uint64

func oneCore(core int) (set cpuSet) {
	set[core/64] = 1 << (core % 64)
	return set
}

// pinThread keeps a thread on a set of cores; 0 is the calling thread.
func pinThread(thread int, set *cpuSet) error {
	return affinity(syscall.SYS_SCHED_SETAFFINITY, thread, set)
}

func affinity(call uintptr, thread int, set *cpuSet) error {
	_, _, errno := syscall.RawSyscall(call, uintptr(thread), unsafe.Sizeof(*set), uintptr(unsafe.Pointer(set)))
	if errno != 0 {
		return fmt.Errorf("affinity of a thread: %w", errno)
	}
	return nil
}

// pinProcess moves all threads of this process. A thread that is born meanwhile
// may have its parent's old set, so a second look follows.
func pinProcess(core int) error {
	set := oneCore(core)
	for range 2 {
		tasks, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		for _, task := range tasks {
			thread, err := strconv.Atoi(task.Name())
			if err != nil {
				return err
			}
			if err := pinThread(thread, &set); err != nil && !errors.Is(err, syscall.ESRCH) {
				return err
			}
		}
	}
	return nil
}

// startPinned starts a command from a thread that is on the wanted core: a new
// process inherits that.
func startPinned(cmd *exec.Cmd, core int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before cpuSet
	if err := affinity(syscall.SYS_SCHED_GETAFFINITY, 0, &before); err != nil {
		return err
	}
	set := oneCore(core)
	if err := pinThread(0, &set); err != nil {
		return err
	}
	return errors.Join(cmd.Start(), pinThread(0, &before))
}
