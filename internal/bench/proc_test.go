package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestTasksTime(t *testing.T) {
	folder := t.TempDir()
	for thread, content := range map[string]string{"11": "1000 20 3\n", "12": "500000 0 1\n"} {
		if err := os.Mkdir(filepath.Join(folder, thread), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, thread, "schedstat"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// A thread that ends while the folder is read leaves no file.
	if err := os.Mkdir(filepath.Join(folder, "13"), 0o700); err != nil {
		t.Fatal(err)
	}
	got, err := tasksTime(folder)
	if want := (coreTime{used: 501000, waited: 20}); err != nil || got != want {
		t.Errorf("tasksTime = %+v, %v, want %+v", got, err, want)
	}
	if _, err := tasksTime(filepath.Join(folder, "nothing")); err == nil {
		t.Error("a process that is not there has a time")
	}
}

func TestParseSchedstat_Odd(t *testing.T) {
	for _, content := range []string{"", "12", "a b c", "1 2"} {
		if got, err := parseSchedstat([]byte(content)); err == nil {
			t.Errorf("parseSchedstat(%q) = %+v without an error", content, got)
		}
	}
}

func TestCoreTime_WaitPerSecond(t *testing.T) {
	if got := (coreTime{used: 2 * time.Second, waited: 500 * time.Millisecond}).waitPerSecond(); got != 250*time.Millisecond {
		t.Errorf("waitPerSecond = %s", got)
	}
	if got := (coreTime{}).waitPerSecond(); got != 0 {
		t.Errorf("waitPerSecond of nothing = %s", got)
	}
}

const status = "Name:\tusher\nVmPeak:\t 1260 kB\nVmRSS:\t   25840 kB\nRssAnon:\t    7112 kB\nCpus_allowed_list:\t0-1\n"

func TestParseMemory(t *testing.T) {
	got, err := parseMemory([]byte(status))
	if want := (memory{25840 * 1024, 7112 * 1024}); err != nil || got != want {
		t.Errorf("parseMemory = %+v, %v, want %+v", got, err, want)
	}
	for _, odd := range []string{"", "VmRSS:\tmuch kB\n", "VmRSS:\t5 kB\n"} {
		if got, err := parseMemory([]byte(odd)); err == nil {
			t.Errorf("parseMemory(%q) = %+v without an error", odd, got)
		}
	}
}

func TestParseCPUList(t *testing.T) {
	text, err := statusField([]byte(status), "Cpus_allowed_list")
	if err != nil || text != "0-1" {
		t.Fatalf("statusField = %q, %v", text, err)
	}
	for text, want := range map[string][]int{"0": {0}, "0-1": {0, 1}, "2-4,7, 9": {2, 3, 4, 7, 9}} {
		if got, err := parseCPUList(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("parseCPUList(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	for _, odd := range []string{"", "a", "1-", "1-b"} {
		if got, err := parseCPUList(odd); err == nil {
			t.Errorf("parseCPUList(%q) = %v without an error", odd, got)
		}
	}
}
