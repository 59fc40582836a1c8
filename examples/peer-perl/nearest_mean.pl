#!/usr/bin/env perl
# A whole peer of dlcmp without a framework, written from docs/peer-protocol.md alone: each "tree"
# looks at some bytes of an image and votes for the class whose mean is nearest.
use strict;
use warnings;
use JSON::PP;

use constant { TREES => 25, BYTES_SEEN => 200 };

$| = 1;
my ($spec, $forest);

my %methods = (
    describe => sub {
        my ($params) = @_;
        die "This peer speaks version 1.\n" if $params->{protocolVersion} != 1;
        my %cpu = (name => 'cpu', available => JSON::PP::true, device => 'CPU');
        return {
            protocolVersion => 1,
            id              => 'perl-nearest-mean',
            displayName     => 'Nearest mean (Perl)',
            family          => 'forest',
            backends        => [{ %cpu, versions => { perl => sprintf '%vd', $^V } }],
        };
    },
    create => sub {
        my ($params) = @_;
        $spec   = $params->{spec};
        $forest = defined $params->{model} ? load($params->{model}) : undef;
        return {};
    },
    train => sub {
        my ($params, $id) = @_;
        my $start  = time;
        my $images = read_images($params->{pixels});
        my @labels = unpack 'l<*', read_file($params->{labels});
        srand $spec->{seed};
        $forest = [];
        while (@$forest < TREES && !-e $params->{stopFile}) {
            push @$forest, grow_tree($images, \@labels);
            say_line({ id => $id, event => 'progress', completed => 0 + @$forest, total => TREES });
        }
        my %told = (details => { bytesSeen => BYTES_SEEN }, notes => []);
        return { completed => 0 + @$forest, trainSeconds => time - $start, %told };
    },
    predict => sub {
        my ($params) = @_;
        my $images   = read_images($params->{pixels});
        my $classes  = @{ $spec->{classNames} };
        my @answers;
        for my $image (@$images) {
            my @votes = (0) x $classes;
            $votes[vote($_, $image)]++ for @$forest;
            push @answers, map { $_ / TREES } @votes;
        }
        write_file($params->{output}, pack 'f<*', @answers);
        return { count => scalar @$images };
    },
    save => sub {
        my ($params) = @_;
        write_file("$params->{directory}/forest.json", encode_json($forest));
        return {};
    },
    usage => sub {
        my ($user, $system) = times;
        my ($kibibytes) = read_file('/proc/self/status') =~ /^VmHWM:\s+(\d+)/m;
        return { cpuSeconds => $user + $system, peakRssBytes => 1024 * $kibibytes };
    },
    dispose => sub { undef $forest; return {} },
);

# Means of some bytes over a bootstrap sample, class by class.
sub grow_tree {
    my ($images, $labels) = @_;
    my $length = length $images->[0];
    my @seen   = map { int rand $length } 1 .. BYTES_SEEN;
    my (@sums, @counts);
    for (1 .. @$images) {
        my $drawn = int rand @$images;
        my $class = $labels->[$drawn];
        my @bytes = unpack 'C*', $images->[$drawn];
        $counts[$class]++;
        $sums[$class][$_] += $bytes[ $seen[$_] ] for 0 .. $#seen;
    }
    my @means = map { my $class = $_; mean($sums[$class], $counts[$class]) } 0 .. $#{ $spec->{classNames} };
    return { seen => \@seen, means => \@means };
}

# undef for a class that the sample left out.
sub mean {
    my ($sum, $count) = @_;
    return undef if !$count;
    return [map { $_ / $count } @$sum];
}

sub vote {
    my ($tree, $image) = @_;
    my @bytes = (unpack 'C*', $image)[@{ $tree->{seen} }];
    my ($nearest, $least);
    for my $class (0 .. $#{ $tree->{means} }) {
        my $mean = $tree->{means}[$class] or next;
        my $distance = 0;
        $distance += ($bytes[$_] - $mean->[$_])**2 for 0 .. $#bytes;
        ($nearest, $least) = ($class, $distance) if !defined $least || $distance < $least;
    }
    return $nearest;
}

sub load {
    my ($directory) = @_;
    my $read = eval { decode_json(read_file("$directory/forest.json")) };
    return $read if $read;
    die { code => 'INVALID_FILE', message => "$directory/forest.json cannot be read. Save it again." };
}

sub read_images {
    my ($source) = @_;
    my $bytes = 3 * $spec->{inputHeight} * $spec->{inputWidth};
    open my $file, '<:raw', $source->{path} or die "$source->{path}: $!\n";
    seek $file, $source->{offset}, 0;
    my @images;
    for (1 .. $source->{count}) {
        read($file, my $image, $bytes) == $bytes or die "$source->{path} is too short.\n";
        push @images, $image;
    }
    return \@images;
}

sub read_file {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "$path: $!\n";
    local $/;
    return <$file>;
}

sub write_file {
    my ($path, $content) = @_;
    open my $file, '>:raw', $path or die "$path: $!\n";
    print $file $content;
    close $file or die "$path: $!\n";
}

sub say_line { print encode_json($_[0]), "\n" }

while (my $line = <STDIN>) {
    my $request = decode_json($line);
    my ($id, $method) = @$request{qw(id method)};
    my $result = eval {
        my $answer = $methods{$method} or die "There is no method \"$method\".\n";
        $answer->($request->{params}, $id);
    };
    if ($result) { say_line({ id => $id, result => $result }) }
    else {
        my $error = ref $@ ? $@ : { code => 'UNKNOWN', message => "$@" };
        say_line({ id => $id, error => $error });
    }
}
