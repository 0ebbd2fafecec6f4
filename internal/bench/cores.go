package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// cores says where the measured process and the load run.
type cores struct {
	server, load int
	pinned       bool
}

// chooseCores takes the first two that this process may use.
func chooseCores() (cores, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return cores{}, fmt.Errorf("the measurements need Linux: %w", err)
	}
	text, err := statusField(status, "Cpus_allowed_list")
	if err != nil {
		return cores{}, err
	}
	allowed, err := parseCPUList(text)
	if err != nil {
		return cores{}, err
	}
	if len(allowed) < 2 {
		return cores{}, nil
	}
	return cores{server: allowed[0], load: allowed[1], pinned: true}, nil
}

// String tells how the cores are shared out.
func (c cores) String() string {
	if !c.pinned {
		return "ATTENTION: there is only one core. The load disturbs the server, so every figure is too high"
	}
	return fmt.Sprintf("the server runs on core %d, the load on core %d", c.server, c.load)
}

// takeLoadCore moves this process to the load's core.
func (c cores) takeLoadCore() error {
	if !c.pinned {
		return nil
	}
	runtime.GOMAXPROCS(1)
	return pinProcess(c.load)
}

// start starts a command on a core, where all its threads stay.
func (c cores) start(cmd *exec.Cmd, core int) error {
	if !c.pinned {
		return cmd.Start()
	}
	return startPinned(cmd, core)
}

// parseCPUList reads the kernel's notation of a set of cores: "0-3,8".
func parseCPUList(text string) ([]int, error) {
	var list []int
	for part := range strings.SplitSeq(text, ",") {
		low, high, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			high = low
		}
		first, err := strconv.Atoi(low)
		if err != nil {
			return nil, fmt.Errorf("list of cores %q: %w", text, err)
		}
		last, err := strconv.Atoi(high)
		if err != nil {
			return nil, fmt.Errorf("list of cores %q: %w", text, err)
		}
		for core := first; core <= last; core++ {
			list = append(list, core)
		}
	}
	return list, nil
}
