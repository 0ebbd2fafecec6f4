package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// coreTime is how long the threads of a process have been on a core, and how
// long they were ready and had to wait for it.
type coreTime struct{ used, waited time.Duration }

func (t coreTime) since(before coreTime) coreTime {
	return coreTime{t.used - before.used, t.waited - before.waited}
}

// waitPerSecond is how long a process waited for each second on its core.
func (t coreTime) waitPerSecond() time.Duration {
	if t.used == 0 {
		return 0
	}
	return time.Duration(float64(t.waited) / t.used.Seconds())
}

func coreTimeOf(pid int) (coreTime, error) {
	return tasksTime(filepath.Join("/proc", strconv.Itoa(pid), "task"))
}

// tasksTime adds up the threads in a folder of /proc. Nothing is counted of a
// thread that has ended, which those of a Go program rarely do.
func tasksTime(folder string) (sum coreTime, err error) {
	tasks, err := os.ReadDir(folder)
	if err != nil {
		return coreTime{}, err
	}
	for _, task := range tasks {
		content, err := os.ReadFile(filepath.Join(folder, task.Name(), "schedstat"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return coreTime{}, err
		}
		t, err := parseSchedstat(content)
		if err != nil {
			return coreTime{}, err
		}
		sum.used, sum.waited = sum.used+t.used, sum.waited+t.waited
	}
	return sum, nil
}

// parseSchedstat reads the first two of three numbers, in nanoseconds.
func parseSchedstat(content []byte) (coreTime, error) {
	var used, waited, slices int64
	if _, err := fmt.Sscan(string(content), &used, &waited, &slices); err != nil {
		return coreTime{}, fmt.Errorf("schedstat %q: %w", content, err)
	}
	return coreTime{time.Duration(used), time.Duration(waited)}, nil
}

// memory is what a process holds of the machine's memory, in bytes.
type memory struct {
	resident  int // all
	anonymous int // without the pages of files, such as the program's own
}

func memoryOf(pid int) (memory, error) {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return memory{}, err
	}
	return parseMemory(status)
}

func parseMemory(status []byte) (memory, error) {
	resident, err := statusBytes(status, "VmRSS")
	if err != nil {
		return memory{}, err
	}
	anonymous, err := statusBytes(status, "RssAnon")
	return memory{resident, anonymous}, err
}

// statusBytes reads a line such as "VmRSS:	   12345 kB", in which kB are KiB.
func statusBytes(status []byte, name string) (int, error) {
	text, err := statusField(status, name)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(text, " kB"))
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	return n * 1024, nil
}

// statusField finds a line of /proc/…/status by its name.
func statusField(status []byte, name string) (string, error) {
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value), nil
		}
	}
	return "", fmt.Errorf("the status of the process names no %s", name)
}
