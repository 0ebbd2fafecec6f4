#!/bin/sh
# Regenerates every file of this folder: run it here, needs ffmpeg with libmp3lame and libx264.
# All sound and picture is synthesised by the expressions below; nothing is taken from anywhere.
#
# A loop has no seam because the music is periodic with a whole number of codec frames, three
# periods are encoded, and only the frames of the middle one are kept. MP3 frames do not borrow
# bits from each other (-reservoir 0), so the first frame of a loop never needs the last.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quiet="-hide_banner -loglevel error -y"

# melody RATE SAMPLES DECAY PATTERN CHORD...: prints a filter graph that plays one period, one
# source for each chord (an expression has a limited length) and one term for each note.
# A chord is a root as MIDI number with m (minor) or M (major); PATTERN picks tones of the chord.
melody() {
    awk 'BEGIN {
        rate = ARGV[1]; period = ARGV[2] / rate; fall = ARGV[3]; n = split(ARGV[4], pat, ",")
        bars = ARGC - 5; step = period / bars / n
        for (b = 0; b < bars; b++) {
            root = ARGV[b + 5] + 0; third = (ARGV[b + 5] ~ /m$/) ? 3 : 4
            tone[0] = 0; tone[1] = third; tone[2] = 7; tone[3] = 12; tone[4] = 12 + third; tone[5] = -12
            printf "aevalsrc=s=%d:exprs=\x27", rate
            for (i = 1; i <= n; i++) note((b * n + i - 1) * step, root + tone[pat[i]], fall, 0.16)
            note(b * n * step, root - 12, 0.9, 0.15)
            note(b * n * step, root + 7, 1.1, 0.05)
            printf "0\x27[b%d];", b
        }
        for (b = 0; b < bars; b++) printf "[b%d]", b
        printf "amix=inputs=%d:normalize=0,atrim=end_sample=%d", bars, ARGV[2]
    }
    function note(at, midi, fall, loud,   w) {
        w = 2 * 3.14159265358979 * 440 * 2 ^ ((midi - 69) / 12)
        printf "st(0,mod(t-%.6f,%.9f))*0+%.3f*min(1,ld(0)*90)*exp(-%.2f*ld(0))*", at, period, loud, fall
        printf "(sin(%.5f*ld(0))+0.28*exp(-3*ld(0))*sin(%.5f*ld(0)))+", w, 2 * w
    }' "$@"
}

lumiere="57m 53M 60M 55M 57m 62m 53M 55M"
studio="62M 59m 55M 57M 62M 54m 55M 57M"
promo="64M 61m 57M 59M"

# period WAVE RATE SAMPLES DECAY PATTERN CHORD...: one period of a melody as a wave file.
period() {
    wave=$1
    shift
    ffmpeg $quiet -f lavfi -i "$(melody "$@")" -c:a pcm_s16le "$wave"
}

# Soft room and a little less treble; both keep the sound periodic.
room="aecho=0.9:0.8:170|330:0.22|0.12,lowpass=f=6000,volume=2.2,alimiter=limit=0.9:level=0"

# mp3 OUT FRAMES DECAY PATTERN CHORD...: 128 kbit/s, 44.1 kHz, 1152 samples in a frame.
mp3() {
    out=$1 frames=$2
    shift 2
    period "$work/$out.wav" 44100 $((frames * 1152)) "$@"
    ffmpeg $quiet -stream_loop 2 -i "$work/$out.wav" -af "$room" -ac 2 -c:a libmp3lame -b:a 128k -reservoir 0 \
        -bsf:a "noise=drop='lt(n,$frames)+gte(n,2*$frames)'" \
        -write_xing 0 -id3v2_version 0 -write_id3v1 0 -map_metadata -1 "$out"
}

# aac OUT FRAMES DECAY PATTERN CHORD...: ADTS, 64 kbit/s, mono, 48 kHz, 1024 samples in a frame.
aac() {
    out=$1 frames=$2
    shift 2
    period "$work/$out.wav" 48000 $((frames * 1024)) "$@"
    ffmpeg $quiet -stream_loop 2 -i "$work/$out.wav" -af "$room" -ac 1 -c:a aac -profile:a aac_low -b:a 64k \
        -bsf:a "noise=drop='lt(n,$frames)+gte(n,2*$frames)'" -f adts "$out"
}

# clip OUT C0 C1 C2 C3 SEED WAVE: 20 s of drifting colours and lights over a melody.
clip() {
    light="color=black:s=240x240:r=1:d=1,format=rgba,geq=r=255:g=245:b=225:a='70*pow(max(0,1-hypot(X-120,Y-120)/120),1.6)',loop=-1:1,setpts=N/24/TB"
    ffmpeg $quiet -f lavfi -i "gradients=s=640x360:r=24:d=20:nb_colors=4:c0=$2:c1=$3:c2=$4:c3=$5:x0=40:y0=20:x1=600:y1=340:seed=$6:speed=0.012" \
        -f lavfi -i "$light" -stream_loop 1 -i "$7" \
        -filter_complex "[1]split=3[a][b][c];
            [0][a]overlay=x='200+190*sin(t/3.1)':y='60+70*cos(t/2.3)':shortest=1[p];
            [p][b]overlay=x='320+220*cos(t/4.3)':y='100+110*sin(t/3.7)':shortest=1[q];
            [q][c]overlay=x='80+200*sin(t/5.3+2)':y='90+90*sin(t/2.9+1)':shortest=1,fade=in:d=1,fade=out:st=19:d=1,format=yuv420p[v];
            [2]$room,afade=out:st=18.5:d=1.5[s]" \
        -map '[v]' -map '[s]' -t 20 -c:v libx264 -profile:v main -preset slow -crf 28 -g 48 \
        -c:a aac -b:a 56k -ac 1 -ar 44100 -map_metadata -1 -movflags +faststart "$1"
}

mp3 lumiere.mp3 612 3.2 0,2,3,4,3,2,1,2 $lumiere
mp3 studio.mp3 612 6.0 5,0,3,2,0,4,3,2,0,2,3,1 $studio
mp3 promo.mp3 306 4.5 3,2,4,3,1,2,0,2 $promo
aac lumiere.aac 768 3.2 0,2,3,4,3,2,1,2 $lumiere
clip concert.mp4 0x1b2a49 0x7a3b69 0xe0876a 0x24506b 7 "$work/lumiere.mp3.wav"
clip backstage.mp4 0x12312b 0x2f6f62 0xd9b36c 0x27406b 21 "$work/studio.mp3.wav"
ls -l
