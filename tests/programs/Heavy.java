// What java bots do: threads, collections, streams, files, the garbage collector.
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;

public class Heavy {
	public static void main(String[] args) throws Exception {
		ExecutorService pool = Executors.newFixedThreadPool(4);
		List<Future<Long>> sums = new ArrayList<>();
		for (int i = 0; i < 8; i++)
			sums.add(pool.submit(() -> LongStream.range(0, 1000000).parallel().sum()));
		long total = 0;
		for (Future<Long> sum : sums)
			total += sum.get();
		pool.shutdown();
		Path file = Files.createTempFile("x", "y");
		Files.writeString(file, "text");
		List<byte[]> garbage = new ArrayList<>();
		for (int i = 0; i < 400; i++) {
			garbage.add(new byte[1 << 20]);
			if (garbage.size() > 50)
				garbage.clear();
		}
		System.out.println("java " + total + " " + Files.readString(file) + " " + new Random(1).nextInt(100));
	}
}
